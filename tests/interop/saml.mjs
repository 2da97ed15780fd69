// What node-saml says of a Response (PLP-117 to PLP-119): `node saml.mjs FILE`, the file as test_saml.py writes it. One JSON line.
import { readFileSync } from "node:fs";

import { SAML, ValidateInResponseTo } from "@node-saml/node-saml";

const given = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const known = new Map([[given.request_id, new Date().toISOString()]]);
const saml = new SAML({
  idpCert: given.certs,
  idpIssuer: given.issuer,
  issuer: given.entity_id,
  audience: given.entity_id,
  callbackUrl: given.acs_url,
  entryPoint: given.sso_url,
  wantAssertionsSigned: true,
  wantAuthnResponseSigned: false,
  validateInResponseTo: ValidateInResponseTo.always,
  acceptedClockSkewMs: 30_000,
  cacheProvider: {
    getAsync: async (key) => known.get(key) ?? null,
    saveAsync: async () => null,
    removeAsync: async (key) => (known.delete(key) ? key : null),
  },
});
try {
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: given.response });
  const { nameID, nameIDFormat, nameQualifier, spNameQualifier, sessionIndex, attributes, inResponseTo, issuer } = profile;
  console.log(JSON.stringify({ nameID, nameIDFormat, nameQualifier, spNameQualifier, sessionIndex, attributes, inResponseTo, issuer }));
} catch (error) {
  console.log(JSON.stringify({ refused: String(error.message) }));
}
