import type { ComponentChildren } from 'preact';
import type { Part } from '../../cluster-report.ts';

interface SectionProps<T> {
  readonly title: string;
  readonly part: Part<T>;
  readonly of: (value: T) => ComponentChildren;
}

/** A part under its title, or why it is not there. */
export function Section<T>({ title, part, of }: SectionProps<T>) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {part.kind === 'read' ? (
        of(part.value)
      ) : (
        <p class="muted">
          Not in this report: <bdi>{part.why}</bdi>.
        </p>
      )}
    </section>
  );
}
