// A partner's extranet that knows of the platform only PLP/1: `node partner.mjs PORT PLATFORM_SHEET`.
// It prints its own sheet, then serves. `/_seen` and `/_view` are the test's own window and hand.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, createRemoteJWKSet, exportJWK, generateKeyPair } from 'jose'
import { Login, refusal } from './login.mjs'
import { checkedKids, verifyRequest } from './signed.mjs'

const [port, platformFile] = process.argv.slice(2)
const site = `http://localhost:${port}`
const base = `${site}/plp/v1`
const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwk = await exportJWK(publicKey)
const kid = await calculateJwkThumbprint(jwk, 'sha256')
const sheet = {
  plp: 1, kind: 'partner', partner_id: 'nomineo', name: 'Extranet indépendant', base_url: base,
  jwks_uri: `${site}/plp/jwks.json`, keys_statement_uri: null, jkt: [kid], binding: 'oidc-code',
  initiate_login_uri: `${site}/plp/initiate`, redirect_uris: [`${site}/plp/callback`], target_link_uri: `${site}/acts`,
  launch_origins: [], account_schemes: ['contract-number'],
  actions: [{ code: 'arbitrage', label: 'Arbitrage', nature: 'arbitrage' },
    { code: 'rachat_partiel', label: 'Rachat partiel', nature: 'rachat' }],
  extra_statuses: [], feed: false, mandates: 'api', saml: null, contact: 'partenaires@independant.example',
}
const platform = () => JSON.parse(readFileSync(platformFile, 'utf8'))
const login = new Login({ callback: sheet.redirect_uris[0], target: sheet.target_link_uri, key: privateKey, kid, platform })
const used = new Set()
const seen = [] // every call under /plp/v1, with what jose verified or why it refused
const views = new Map()
const mandates = new Map()
let keys

async function verified(request, path, body) {
  const { iss, jwks_uri, jkt } = platform()
  if (!keys) await checkedKids(await (await fetch(jwks_uri)).json())
  keys ??= createRemoteJWKSet(new URL(jwks_uri))
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  return verifyRequest(token, { keys, trusted: jkt, issuer: iss, audience: base, method: request.method, path, body, seen: used })
}

function capabilities({ account }) {
  if (account.ref !== 'HIM0990001') return problem(404, 'account-unknown')
  return [200, {
    account_ref: account.ref, evaluated_at: new Date().toISOString().slice(0, 19) + 'Z', ttl_s: 60,
    decision_id: `dec_${randomUUID().replaceAll('-', '')}`,
    actions: [
      { code: 'arbitrage', label: 'Arbitrage', state: 'allowed', accepts_prefill: true,
        limits: { min: '500.00', currency: 'EUR' } },
      { code: 'rachat_partiel', label: 'Rachat partiel', state: 'denied',
        reason: { code: 'pending_same_kind', text: 'Un rachat est en cours.', ref: 'IND-1', until: null } },
    ],
  }]
}

function mandate(id, document) {
  if (document) mandates.set(id, document)
  if (!mandates.has(id)) return problem(404, 'mandate-unknown')
  const silent = { seq: 0, state: null, received_at: null, active_from: null, effective_at: null, code: null, reason: null }
  const view = { ...silent, ...views.get(id), mandate: id, version: mandates.get(id).version }
  return [view.received_at ? 200 : 202, view]
}

async function api(request, path, body) {
  const note = { method: request.method, path, version: request.headers['plp-version'], body: body.toString('utf8'), token:
    request.headers.authorization, interaction: request.headers['plp-interaction-id'] }
  seen.push(note)
  try {
    Object.assign(note, await verified(request, path, body))
  } catch (error) {
    note.refused = `${error.name}: ${error.message}`
    return problem(401, 'invalid-assertion')
  }
  const given = body.length ? JSON.parse(note.body) : null
  if (path === '/capabilities') return capabilities(given)
  if (path.startsWith('/mandates/')) return mandate(path.slice('/mandates/'.length), given)
  return problem(404, 'not-found')
}

function problem(status, slug) {
  return [status, { type: `urn:plp:problem:${slug}`, title: slug, status, retryable: false }, 'application/problem+json']
}

async function answer(request, url, body) {
  if (url.pathname.startsWith('/plp/v1/')) return api(request, url.pathname.slice('/plp/v1'.length), body)
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /plp/jwks.json': return [200, { keys: [{ ...jwk, kid, use: 'sig', alg: 'ES256' }] }]
    case 'GET /plp/initiate': {
      const { location, cookie } = await login.begin(url.searchParams)
      return [302, {}, 'application/json', { Location: location, 'Set-Cookie': cookie }]
    }
    case 'GET /plp/callback': return [200, await login.finish(url, (request.headers.cookie ?? '').split('; '))]
    case 'GET /_seen': return [200, seen]
    case 'POST /_view': { const view = JSON.parse(body); views.set(view.mandate, view); return [200, {}] }
    default: return problem(404, 'not-found')
  }
}

createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  let made
  try {
    made = await answer(request, new URL(request.url, site), Buffer.concat(chunks))
  } catch (error) {
    made = [400, refusal(error)]
  }
  const [status, value, type = 'application/json', headers = {}] = made
  response.writeHead(status, { 'Content-Type': type, 'PLP-Version': '1', 'Cache-Control': 'no-store', ...headers,
    'PLP-Interaction-Id': request.headers['plp-interaction-id'] ?? randomUUID() })
  response.end(JSON.stringify(value))
}).listen(Number(port), 'localhost', () => console.log(JSON.stringify(sheet)))
