/** A zone's name as it is drawn; nodes without the label are in the one without a name. */
export function zoneName(zone: string): string {
  return zone === '' ? '(none)' : zone;
}
