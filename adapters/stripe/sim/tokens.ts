import { payingOf } from './cards.ts'
import type { Store, Token } from './records.ts'
import { type Form, invalid, missing, newId, ok, type Reply } from './replies.ts'
import { tokenSeconds, tokenView } from './views.ts'

/** The browser's call. */
export function createToken(store: Store, form: Form): Reply {
  const paying = payingOf(form, new Date(store.seconds() * 1000))
  if ('status' in paying) return paying
  const token: Token = { id: newId('ctoken'), card: paying, created: store.seconds(), setupIntent: null, paymentIntent: null }
  store.tokens.put(token)
  return ok(tokenView(token))
}
export function readToken(store: Store, id: string): Reply {
  const token = store.tokens.get(id)
  return token ? ok(tokenView(token)) : missing('confirmation_token')
}

/** Once, and not for ever. */
export function takeToken(store: Store, form: Form, by: { setupIntent: string } | { paymentIntent: string }): Token | Reply {
  const token = store.tokens.get(form.get('confirmation_token'))
  if (!token) return invalid('confirmation_token', 'No such confirmation token.', 'resource_missing')
  if (token.setupIntent || token.paymentIntent) return invalid('confirmation_token', 'This confirmation token was used before.', 'token_already_used')
  if (store.seconds() >= token.created + tokenSeconds) return invalid('confirmation_token', 'This confirmation token has expired.', 'resource_missing')
  const taken = { ...token, ...by }
  store.tokens.put(taken)
  return taken
}
