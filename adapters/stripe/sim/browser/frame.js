/*
 * The fields of a card, or the choice of an account at a bank. Runs on the simulator's host inside a frame: it talks to the page that
 * opened it in messages that never hold a number, and sends the number to its own host only.
 */
;(() => {
  const query = new URLSearchParams(window.location.search)
  const parentOrigin = query.get('parent') ?? ''
  const id = query.get('id')
  const catalogue = {
    en: {
      title: 'Card details',
      number: 'Card number',
      expiry: 'Expiry (MM / YY)',
      cvc: 'Security code',
      'number-error': 'Check the card number.',
      'expiry-error': 'Check the expiry date.',
      'cvc-error': 'Check the security code.',
      failed: 'These details could not be checked. Try again.',
      titleOfBoth: 'Payment details',
      kinds: 'Pay with',
      card: 'Card',
      us_bank_account: 'US bank account',
      account: 'Your account at the test bank',
      choose: 'Choose an account',
      ending: 'Account ending in ',
      mandate: 'By keeping this account you authorize the clinic to debit it electronically (ACH) as you agreed with it.',
      'account-error': 'Choose the account.',
    },
    es: {
      title: 'Datos de la tarjeta',
      number: 'Número de tarjeta',
      expiry: 'Caducidad (MM / AA)',
      cvc: 'Código de seguridad',
      'number-error': 'Revise el número de tarjeta.',
      'expiry-error': 'Revise la fecha de caducidad.',
      'cvc-error': 'Revise el código de seguridad.',
      failed: 'No se pudieron comprobar estos datos. Inténtelo de nuevo.',
      titleOfBoth: 'Datos de pago',
      kinds: 'Pagar con',
      card: 'Tarjeta',
      us_bank_account: 'Cuenta bancaria en EE. UU.',
      account: 'Su cuenta en el banco de prueba',
      choose: 'Elija una cuenta',
      ending: 'Cuenta que termina en ',
      mandate: 'Al guardar esta cuenta usted autoriza a la clínica a debitarla electrónicamente (ACH), como lo acordó con ella.',
      'account-error': 'Elija la cuenta.',
    },
    de: {
      title: 'Kartendaten',
      number: 'Kartennummer',
      expiry: 'Gültig bis (MM / JJ)',
      cvc: 'Sicherheitscode',
      'number-error': 'Prüfen Sie die Kartennummer.',
      'expiry-error': 'Prüfen Sie das Ablaufdatum.',
      'cvc-error': 'Prüfen Sie den Sicherheitscode.',
      failed: 'Diese Angaben konnten nicht geprüft werden. Versuchen Sie es noch einmal.',
      titleOfBoth: 'Zahlungsdaten',
      kinds: 'Zahlen mit',
      card: 'Karte',
      us_bank_account: 'US-Bankkonto',
      account: 'Ihr Konto bei der Testbank',
      choose: 'Wählen Sie ein Konto',
      ending: 'Konto mit der Endung ',
      mandate: 'Wenn Sie dieses Konto hinterlegen, ermächtigen Sie die Praxis, davon elektronisch (ACH) einzuziehen, wie Sie es mit ihr vereinbart haben.',
      'account-error': 'Wählen Sie das Konto.',
    },
    fr: {
      title: 'Données de la carte',
      number: 'Numéro de carte',
      expiry: 'Expiration (MM / AA)',
      cvc: 'Code de sécurité',
      'number-error': 'Vérifiez le numéro de carte.',
      'expiry-error': 'Vérifiez la date d’expiration.',
      'cvc-error': 'Vérifiez le code de sécurité.',
      failed: 'Ces données n’ont pas pu être vérifiées. Réessayez.',
      titleOfBoth: 'Données de paiement',
      kinds: 'Payer avec',
      card: 'Carte',
      us_bank_account: 'Compte bancaire aux États-Unis',
      account: 'Votre compte à la banque de test',
      choose: 'Choisissez un compte',
      ending: 'Compte se terminant par ',
      mandate: 'En laissant ce compte, vous autorisez le cabinet à le débiter par voie électronique (ACH), comme convenu avec lui.',
      'account-error': 'Choisissez le compte.',
    },
  }
  const locale = Object.hasOwn(catalogue, query.get('locale')) ? query.get('locale') : 'en'
  const texts = catalogue[locale]
  const types = (query.get('types') ?? 'card').split(',')
  const fieldsOf = { card: ['number', 'expiry', 'cvc'], us_bank_account: ['account'] }
  /** What this person has at the test bank once they are signed in; README.md says how each ends. */
  const accounts = ['000123456789', '000111111113', '000111111116', '000222222227', '000333333335', '000999999991']
  let kind = types[0]
  const names = () => fieldsOf[kind]
  const input = (name) => document.getElementById(name)
  const digits = (name) => input(name).value.replace(/\D/g, '')
  const tell = (kind, detail, call) => window.parent.postMessage({ id, kind, detail, call }, parentOrigin)

  document.documentElement.lang = locale
  document.title = types.length > 1 ? texts.titleOfBoth : texts.title
  for (const label of document.querySelectorAll('[data-text]')) label.textContent = texts[label.dataset.text]
  // "MM / YY" as the label has it.
  input('expiry').placeholder = /\((.+)\)/.exec(texts.expiry)[1]
  for (const number of accounts) input('account').append(new Option(`${texts.ending}${number.slice(-4)}`, number))
  input('kinds').hidden = types.length < 2
  function choose(next) {
    kind = next
    for (const one of Object.keys(fieldsOf)) input(`fields-${one}`).hidden = one !== kind
  }
  choose(kind)

  function luhn(number) {
    const sum = [...number].reverse().reduce((total, c, i) => {
      const d = Number(c) * (i % 2 === 0 ? 1 : 2)
      return total + (d > 9 ? d - 9 : d)
    }, 0)
    return sum % 10 === 0
  }
  const checks = {
    number: () => /^\d{13,19}$/.test(digits('number')) && luhn(digits('number')),
    expiry: () => {
      const match = /^(0[1-9]|1[0-2])(\d{2})$/.exec(digits('expiry'))
      const today = new Date()
      return match !== null && (2000 + Number(match[2])) * 12 + Number(match[1]) >= today.getFullYear() * 12 + today.getMonth() + 1
    },
    cvc: () => /^\d{3,4}$/.test(digits('cvc')),
    account: () => digits('account') !== '',
  }
  function show(name, text) {
    input(name).setAttribute('aria-invalid', text ? 'true' : 'false')
    document.getElementById(`${name}-error`).textContent = text
    measure()
  }
  const measure = () => tell('height', Math.ceil(document.querySelector('form').getBoundingClientRect().height) + 12)

  function format(name) {
    const value = digits(name)
    if (name === 'number') input(name).value = value.slice(0, 19).replace(/(\d{4})(?=\d)/g, '$1 ')
    else if (name === 'expiry' && value.length > 2) input(name).value = `${value.slice(0, 2)} / ${value.slice(2, 4)}`
  }
  const changed = () =>
    tell('change', { complete: names().every((n) => checks[n]()), empty: names().every((n) => input(n).value === ''), value: { type: kind } })
  for (const radio of document.querySelectorAll('[name=kind]')) {
    radio.addEventListener('change', () => {
      choose(radio.value)
      changed()
    })
  }
  for (const name of Object.values(fieldsOf).flat()) {
    input(name).addEventListener('input', () => {
      // Formatting while somebody corrects the middle would throw the caret to the end.
      if (name !== 'account' && input(name).selectionStart === input(name).value.length) format(name)
      if (checks[name]()) show(name, '')
      changed()
    })
    input(name).addEventListener('blur', () => show(name, input(name).value === '' || checks[name]() ? '' : texts[`${name}-error`]))
  }
  document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())

  function submit() {
    const wrong = names().filter((name) => !checks[name]())
    for (const name of names()) show(name, wrong.includes(name) ? texts[`${name}-error`] : '')
    const [first] = wrong
    if (!first) return {}
    input(first).focus()
    return { error: { type: 'validation_error', code: `incomplete_${first}`, message: texts[`${first}-error`] } }
  }
  function paying() {
    if (kind === 'us_bank_account')
      return { 'payment_method_data[type]': kind, 'payment_method_data[us_bank_account][financial_connections_account]': `fca_sim_${digits('account')}` }
    const card = (name) => `payment_method_data[card][${name}]`
    return {
      'payment_method_data[type]': kind,
      [card('number')]: digits('number'),
      [card('exp_month')]: digits('expiry').slice(0, 2),
      [card('exp_year')]: digits('expiry').slice(2, 4),
      [card('cvc')]: digits('cvc'),
    }
  }
  async function token() {
    const body = new URLSearchParams(paying())
    try {
      const response = await fetch('/v1/confirmation_tokens', { method: 'POST', headers: { authorization: `Bearer ${query.get('pk')}` }, body })
      const answer = await response.json()
      if (answer.error) return { error: { type: answer.error.type, code: answer.error.code, message: texts.failed } }
      return { confirmationToken: answer }
    } catch {
      return { error: { type: 'api_connection_error', code: 'connection', message: texts.failed } }
    }
  }
  window.addEventListener('message', async (event) => {
    if (event.source !== window.parent || event.origin !== parentOrigin || event.data?.id !== id) return
    if (event.data.kind === 'submit') tell('reply', submit(), event.data.call)
    if (event.data.kind === 'token') tell('reply', await token(), event.data.call)
  })
  new ResizeObserver(measure).observe(document.body)
  measure()
  tell('ready', {})
})()
