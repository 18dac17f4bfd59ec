/** Taking over what a backend, or a memory of one, says about the user. */
import type { BackendAnswer, BackendName, Login } from '../login/login.ts';

export function takeAnswer(
  login: Login,
  answer: BackendAnswer,
  backend: { readonly used: BackendName; readonly source: BackendName },
): void {
  login.usedBackend = backend.used;
  login.sourceBackend = backend.source;
  login.authenticated = answer.authenticated;
  login.userFound = answer.userFound;
  login.accountField = answer.accountField;
  login.totpSecretField = answer.totpSecretField;
  login.totpRecoveryField = answer.totpRecoveryField;
  login.uniqueUserIdField = answer.uniqueUserIdField;
  login.displayNameField = answer.displayNameField;
  login.attributes = answer.attributes;
}

/** The answer as it stands in the login; later changes of the login do not reach the copy. */
export function copyAnswer(login: Login): BackendAnswer {
  return {
    authenticated: login.authenticated,
    userFound: login.userFound,
    accountField: login.accountField,
    totpSecretField: login.totpSecretField,
    totpRecoveryField: login.totpRecoveryField,
    uniqueUserIdField: login.uniqueUserIdField,
    displayNameField: login.displayNameField,
    attributes: login.attributes,
  };
}
