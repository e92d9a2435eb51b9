export type { ChatRequest } from './protocol.ts';
export type { Script, ScriptStep } from './script-book.ts';
export { type ModelServer, type ModelServerOptions, rulesModel, scriptHeader, startModelServer } from './server.ts';
