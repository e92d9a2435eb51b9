type Pairs = Readonly<Record<string, unknown>>;

/** Where the bus says what it did: a constant message and pairs. A service's logger fits as it is. */
export type BusLogger = {
  debug(message: string, pairs?: Pairs): void;
  info(message: string, pairs?: Pairs): void;
  warn(message: string, pairs?: Pairs): void;
  error(message: string, pairs?: Pairs): void;
};
