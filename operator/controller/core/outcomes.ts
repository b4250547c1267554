/** What came of one write of a ConfigMap. foreign: it is somebody else's, and was left alone. */
export const writeOutcomes = ['created', 'applied', 'deleted', 'foreign', 'failed'] as const;
export type WriteOutcome = (typeof writeOutcomes)[number];

/** What came of touching a pod so that its kubelet looks at its volumes. gone: it was not there any more. */
export const touchOutcomes = ['touched', 'gone', 'failed'] as const;
export type TouchOutcome = (typeof touchOutcomes)[number];

/** What came of writing a status. gone: its NetworkProber was not there any more. */
export const statusOutcomes = ['written', 'gone', 'failed'] as const;
export type StatusOutcome = (typeof statusOutcomes)[number];
