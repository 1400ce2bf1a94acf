/** How the tests of the HTTP side ask, in the name of the shop alpha. */
import request from 'supertest';
import { Failure } from '../../connectors/failure.ts';
import { alpha, type House } from './http-house.ts';

export const asked = (house: House) => {
  const call = (method: 'get' | 'post' | 'put') => (path: string, body?: object) => {
    const sent = request(house.app)[method](path).set('authorization', house.bearer(alpha));
    return body === undefined ? sent : sent.send(body);
  };
  return { get: call('get'), post: call('post'), put: call('put') };
};

/** An operation of the desk that the till refuses. */
export const refused = (remedy: Failure['remedy']) => async () => {
  throw new Failure({ remedy, code: `till.${remedy}`, message: `The till says ${remedy}.`, params: { host: 'till.example' } });
};
