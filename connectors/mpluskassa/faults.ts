/** What the till's ways of saying no mean for the record. */
import { Failure } from '../failure.ts';
import type { Operation } from './wsdl.ts';

export interface Fault {
  /** Without the QName prefix: `Client.Authentication`. */
  readonly code: string;
  readonly text: string;
}

interface Asked {
  readonly till: string;
  /** The operation changes something, so a lost answer is ambiguous. */
  readonly write: boolean;
}

/** An answer that is no SOAP at all: a proxy's page, a 405 of the bare service, an empty body. */
export function answerProblem(answer: Asked & { status: number; root: string | undefined }): Failure | undefined {
  if (answer.root !== undefined) return undefined;
  if (answer.status === 401 || answer.status === 403) return credentials(answer.till);
  return new Failure({
    remedy: 'wait',
    code: 'till.not-answering-soap',
    message: `The till at ${answer.till} answered with HTTP ${answer.status} and no SOAP message. It is repeated until the till is back.`,
    params: { till: answer.till, status: answer.status },
    ambiguous: answer.write,
  });
}

/** An answer that is SOAP but not what the operation promises. */
export function unreadable(operation: Operation, asked: Asked & { cause: unknown }): Failure {
  return new Failure({
    remedy: asked.write ? 'retry' : 'wait',
    code: 'till.not-answering-soap',
    message: `The till at ${asked.till} answered ${operation} with something that cannot be read.`,
    params: { till: asked.till, operation },
    ambiguous: asked.write,
    cause: asked.cause,
  });
}

/**
 * Fault codes: `Client…` = the request is wrong, `Server…` = the till has trouble of its own (official SDK, SoapException).
 * gSOAP words an operation that this version lacks as "Method '…' not implemented".
 */
export function faultFailure(fault: Fault, asked: Asked & { operation: Operation; secrets: readonly string[] }): Failure {
  const reason = tidied(fault.text, asked.secrets);
  const { operation, till } = asked;
  if (/^client\.(?:authentication|authorization)/i.test(fault.code) || /invalid credentials|authentication failed/i.test(fault.text)) {
    return credentials(till);
  }
  if (/not implemented|not recognized/i.test(fault.text)) {
    return new Failure({
      remedy: 'retry',
      code: 'till.operation-unknown',
      message: `The till at ${till} does not know ${operation}; its service is older.`,
      params: { till, operation },
    });
  }
  if (/^client/i.test(fault.code)) {
    return new Failure({
      remedy: 'fix-data',
      code: 'till.refused-request',
      message: `The till at ${till} refused ${operation}: ${reason}`,
      params: { till, operation, reason },
    });
  }
  return new Failure({
    remedy: 'wait',
    code: 'till.fault',
    message: `The till at ${till} has a problem of its own (${operation}): ${reason}`,
    params: { till, operation, reason },
    ambiguous: asked.write,
  });
}

function credentials(till: string): Failure {
  return new Failure({
    remedy: 'fix-connection',
    code: 'till.credentials',
    message: `The till at ${till} does not accept ident and secret. Check them in the connection's settings.`,
    params: { till },
  });
}

/** The till's own words, short and without secrets or e-mail addresses. */
export function tidied(text: string, secrets: readonly string[] = []): string {
  let words = text.trim();
  for (const secret of secrets) if (secret.length >= 4) words = words.replaceAll(secret, '•••');
  return words.replace(/[^\s<>"]+@[^\s<>"]+/g, '•••').slice(0, 200) || 'no reason given';
}
