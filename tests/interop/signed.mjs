// PLP-022 to PLP-036 with jose: is this request the platform's, meant for here, now, with this body, and new?
import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, decodeProtectedHeader, jwtVerify } from 'jose'

export class Refused extends Error {}

const FORBIDDEN = ['jku', 'x5u', 'x5c', 'jwk', 'crit']
const CLAIMS = ['iss', 'sub', 'aud', 'mandate', 'iat', 'nbf', 'exp', 'jti', 'htm', 'htu', 'bsh']

export function need(holds, what) {
  if (!holds) throw new Refused(what)
}

/** Every key of a JWKS is a public P-256 key named by its own thumbprint (PLP-016); their kids. */
export async function checkedKids(jwks) {
  const kids = []
  for (const key of jwks.keys) {
    need(key.kty === 'EC' && key.crv === 'P-256' && key.use === 'sig' && key.alg === 'ES256', 'kind of key')
    need(!('d' in key), 'private member')
    need((await calculateJwkThumbprint(key, 'sha256')) === key.kid, 'kid is not the thumbprint')
    kids.push(key.kid)
  }
  need(new Set(kids).size === kids.length, 'kid twice')
  return kids
}

/** The verified header and claims. `trusted`: thumbprints of the sheet; `at`: the moment, for vectors. */
export async function verifyRequest(token, { keys, trusted, issuer, audience, method, path, body, seen, at }) {
  const header = decodeProtectedHeader(token)
  need(header.alg === 'ES256' && header.typ === 'plp-req+jwt', 'alg, typ')
  need(!FORBIDDEN.some((name) => name in header), 'header carries or names a key')
  need(trusted.includes(header.kid), 'key is not on the sheet')
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['ES256'], typ: 'plp-req+jwt', issuer, audience, clockTolerance: 30, requiredClaims: CLAIMS, currentDate: at,
  })
  need(payload.aud === audience, 'aud is one string')
  need(payload.exp - payload.iat > 0 && payload.exp - payload.iat <= 90, 'life')
  need(payload.nbf === payload.iat - 30, 'nbf')
  need(payload.htm === method, 'htm')
  need(payload.htu === audience + path, 'htu')
  need(payload.bsh === createHash('sha256').update(body).digest('base64url'), 'bsh')
  for (const name of ['jti', 'mandate', 'sub']) need(/^[A-Za-z0-9_-]{16,64}$/.test(payload[name]), name)
  need(!seen.has(payload.jti), 'jti used')
  seen.add(payload.jti)
  return { header, payload }
}
