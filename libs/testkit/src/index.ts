export { createTestDatabase, type TestDatabase } from './database.ts';
export { intrude, type Heard, type Intruder } from './intruder.ts';
export { silentLogger, startTestNats, type TestNats, type TestNatsOptions } from './nats.ts';
export { serviceEnv } from './service-env.ts';
export { aVoice, speaker, type Voice } from './voice.ts';
export { SkyfloClient, type Answered, type Seen } from './client.ts';
