export { Answers, OnEvent, OnStream, type HandlerDecorator } from './handlers.decorator.ts';
export { JetStreamStrategy } from './jet-stream-strategy.ts';
