import { constants } from 'node:os';

const names = new Map<number, string>(
  Object.entries(constants.errno).map(([name, code]) => [code, name]),
);

/** `EPERM` for 1. */
export function errnoName(code: number): string {
  return names.get(code) ?? `errno ${code}`;
}
