/** What a program says about its own work; never its results. */
export interface Log {
  readonly debug: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

/** One JSON line an entry on stderr: stdout belongs to results. */
export async function createLog(name: string): Promise<Log> {
  // By its default: bundlers that split code lose the names of a CommonJS module.
  const { default: pino } = await import('pino');
  const destination = pino.destination({ fd: 2, sync: true });
  // A log that nobody can read any more (the terminal is gone) must not end the work.
  destination.on('error', () => undefined);
  const logger = pino({ name, base: {} }, destination);
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
