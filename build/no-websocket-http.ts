import type * as Http from 'node:http';

/**
 * Stands in for node:http in bundles, without WebSocket and its events. A module that imports node:http has all of its
 * exports read, and these three then load the whole of undici: a tenth of a receiver's start.
 */
const http: typeof Http = process.getBuiltinModule('node:http');

export default http;

export const {
  Agent,
  ClientRequest,
  IncomingMessage,
  METHODS,
  OutgoingMessage,
  STATUS_CODES,
  Server,
  ServerResponse,
  createServer,
  get,
  globalAgent,
  maxHeaderSize,
  request,
  setGlobalProxyFromEnv,
  setMaxIdleHTTPParsers,
  validateHeaderName,
  validateHeaderValue,
} = http;
