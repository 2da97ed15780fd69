// PLP §6 with openid-client, as its documentation shows it: third-party-initiated login, code, PKCE, private_key_jwt.
import { randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import { decodeProtectedHeader } from 'jose'
import { need } from './signed.mjs'

const HINTS = ['iss', 'client_id', 'login_hint', 'plp_message_hint']

export class Login {
  constructor({ callback, target, key, kid, platform }) {
    Object.assign(this, { callback, target, key, kid, platform })
    this.flows = new Map() // state → what the browser that began must bring back
  }

  /** The platform's metadata by discovery (PLP-015), with the ID Token's signature checked (PLP-075). */
  async #configuration() {
    const { iss, client_id } = this.platform()
    const metadata = { id_token_signed_response_alg: 'ES256', redirect_uris: [this.callback] }
    const proof = client.PrivateKeyJwt({ key: this.key, kid: this.kid })
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks] // http on loopback only (PLP-002)
    return client.discovery(new URL(iss), client_id, metadata, proof, { execute })
  }

  /** PLP-062, PLP-063, PLP-064: the address to send the browser to, and the cookie of this flow. */
  async begin(query) {
    for (const name of HINTS) need(query.getAll(name).length === 1, `${name}: once`)
    const { iss, client_id } = this.platform()
    need(query.get('iss') === iss && query.get('client_id') === client_id, 'iss, client_id')
    need(!query.has('target_link_uri') || query.get('target_link_uri') === this.target, 'target_link_uri')
    const configuration = await this.#configuration()
    const verifier = client.randomPKCECodeVerifier()
    const [state, nonce, cookie] = [client.randomState(), client.randomNonce(), randomBytes(24).toString('base64url')]
    const hints = { login_hint: query.get('login_hint'), plp_message_hint: query.get('plp_message_hint') }
    this.flows.set(state, { verifier, nonce, cookie, ...hints })
    const location = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback, scope: 'openid plp', state, nonce, prompt: 'none', ...hints,
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    })
    return { location: location.href, cookie: `flow_${state}=${cookie}; Max-Age=300; Path=/; HttpOnly; SameSite=Lax` }
  }

  /** PLP-057: iss, state and cookie, then code → token; throws what openid-client throws. */
  async finish(url, cookies) {
    const state = url.searchParams.get('state')
    const flow = this.flows.get(state)
    need(flow && cookies.includes(`flow_${state}=${flow.cookie}`), 'another browser')
    const configuration = await this.#configuration()
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: flow.verifier, expectedState: state, expectedNonce: flow.nonce, idTokenExpected: true,
    })
    const { token_type, expires_in, scope } = tokens
    return { hints: flow, answer: { token_type, expires_in, scope }, claims: tokens.claims(),
      header: decodeProtectedHeader(tokens.id_token), id_token: tokens.id_token }
  }
}

/** What openid-client read of a refusal: of the authorization answer or of the token endpoint. */
export function refusal(error) {
  return { name: error.constructor.name, error: error.error, status: error.status, text: error.cause?.message ?? error.message }
}
