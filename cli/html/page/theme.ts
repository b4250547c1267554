/** Undefined: as the system has it. */
export type Theme = 'light' | 'dark' | undefined;
