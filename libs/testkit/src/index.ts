export { createTestDatabase, type TestDatabase } from './database.ts';
export { silentLogger, startTestNats, type TestNats, type TestNatsOptions } from './nats.ts';
