/** Every shape that the screens and the server exchange. The OpenAPI description is generated from these schemas. */
export * from './shapes/connections.ts';
export * from './shapes/erasures.ts';
export * from './shapes/flows.ts';
export * from './shapes/imports.ts';
export * from './shapes/plans.ts';
export * from './shapes/problems.ts';
export * from './shapes/records.ts';
export * from './shapes/session.ts';
