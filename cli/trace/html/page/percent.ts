/** A fraction as the style sheet takes it. */
export function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(4))}%`;
}
