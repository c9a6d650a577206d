/*
 * The simulator's browser script: the part of Stripe.js that keeping a card or a bank account needs. Everything typed stays in a frame on this
 * script's host; the page sees "complete" or not, and in the end an id.
 */
;(() => {
  const host = new URL(document.currentScript.src).origin
  let frames = 0
  const titles = { en: 'Card details', es: 'Datos de la tarjeta', de: 'Kartendaten', fr: 'Données de la carte' }
  const titlesOfBoth = { en: 'Payment details', es: 'Datos de pago', de: 'Zahlungsdaten', fr: 'Données de paiement' }
  const language = (locale) => {
    const wanted = (!locale || locale === 'auto' ? navigator.language : locale).toLowerCase()
    return Object.keys(titles).find((tag) => wanted.startsWith(tag)) ?? 'en'
  }

  /** One frame: messages go to its origin only, and are taken from its window only. */
  function openFrame({ publishableKey, locale, types }, emit) {
    frames += 1
    const id = `frame-${frames}`
    const waiting = new Map()
    const frame = document.createElement('iframe')
    let asked = 0
    let loaded = false
    const query = new URLSearchParams({ id, pk: publishableKey, locale, types: types.join(','), parent: window.location.origin })
    frame.src = `${host}/v3/frame?${query}`
    frame.title = (types.length > 1 ? titlesOfBoth : titles)[locale]
    frame.allow = 'payment'
    frame.style.cssText = 'border:0;display:block;width:100%;min-height:230px;'
    const listen = (event) => {
      if (event.origin !== host || event.source !== frame.contentWindow || event.data?.id !== id) return
      const { kind, detail, call } = event.data
      if (kind === 'height') frame.style.height = `${Math.min(Math.max(detail, 100), 1000)}px`
      else if (kind === 'reply') {
        waiting.get(call)?.(detail)
        waiting.delete(call)
      } else {
        if (kind === 'ready') loaded = true
        emit(kind, detail)
      }
    }
    window.addEventListener('message', listen)
    return {
      frame,
      ask(kind) {
        if (!loaded)
          return Promise.resolve({ error: { type: 'api_connection_error', code: 'frame_not_ready', message: 'The card fields are not loaded yet.' } })
        asked += 1
        const call = asked
        return new Promise((resolve) => {
          waiting.set(call, resolve)
          frame.contentWindow.postMessage({ id, kind, call }, host)
        })
      },
      close() {
        window.removeEventListener('message', listen)
        frame.remove()
      },
    }
  }

  function createElement(fields, forget) {
    const handlers = new Map()
    let open = null
    const element = {
      on(event, handler) {
        handlers.set(event, [...(handlers.get(event) ?? []), handler])
        return element
      },
      mount(target) {
        const place = typeof target === 'string' ? document.querySelector(target) : target
        if (!place) throw new Error('IntegrationError: there is no such element to mount to.')
        open?.close()
        open = openFrame(fields, (kind, detail) => {
          for (const handler of handlers.get(kind) ?? []) handler({ elementType: 'payment', ...detail })
        })
        place.replaceChildren(open.frame)
      },
      unmount() {
        open?.close()
        open = null
      },
      destroy() {
        element.unmount()
        handlers.clear()
        forget()
      },
    }
    return {
      element,
      ask: (kind) => open?.ask(kind) ?? Promise.resolve({ error: { type: 'validation_error', code: 'not_mounted', message: 'Mount the element first.' } }),
    }
  }

  /** Which kinds the fields are for. An account is verified by signing in at its bank: nothing else is simulated in the browser. */
  function typesOf({ paymentMethodTypes: types = ['card'], paymentMethodOptions }) {
    if (!Array.isArray(types) || types.length === 0 || types.some((type) => type !== 'card' && type !== 'us_bank_account'))
      throw new Error('IntegrationError: the simulator knows the types "card" and "us_bank_account" only.')
    if (types.includes('us_bank_account') && paymentMethodOptions?.us_bank_account?.verification_method !== 'instant')
      throw new Error('IntegrationError: the simulator verifies bank accounts instantly only.')
    return types
  }

  const hidden = new WeakMap()

  function createElements(publishableKey, locale, options) {
    if (options?.mode !== 'setup') throw new Error('IntegrationError: the simulator knows mode "setup" only.')
    if (!/^[a-z]{3}$/.test(options.currency ?? '')) throw new Error('IntegrationError: currency must be three small letters.')
    const types = typesOf(options)
    let current = null
    const state = {
      submitted: false,
      ask: (kind) =>
        current?.ask(kind) ?? Promise.resolve({ error: { type: 'validation_error', code: 'no_element', message: 'Create the payment element first.' } }),
    }
    const elements = {
      create(type) {
        if (type !== 'payment') throw new Error('IntegrationError: the simulator knows the payment element only.')
        if (current) throw new Error('IntegrationError: there is a payment element already.')
        current = createElement({ publishableKey, locale, types }, () => {
          current = null
        })
        current.element.on('change', () => {
          state.submitted = false
        })
        return current.element
      },
      getElement: (type) => (type === 'payment' ? (current?.element ?? null) : null),
      async submit() {
        const result = await state.ask('submit')
        state.submitted = !result.error
        return result
      },
    }
    hidden.set(elements, state)
    return elements
  }

  function Stripe(publishableKey, settings = {}) {
    if (!/^pk_\w+$/.test(publishableKey ?? '')) throw new Error('IntegrationError: a publishable key is needed.')
    return {
      elements: (options) => createElements(publishableKey, language(settings.locale), options),
      async createConfirmationToken({ elements }) {
        const state = hidden.get(elements)
        if (!state?.submitted) throw new Error('IntegrationError: call elements.submit() first.')
        return state.ask('token')
      },
    }
  }
  Stripe.version = 3
  window.Stripe = Stripe
})()
