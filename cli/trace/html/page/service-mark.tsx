import type { ServiceLook } from './services.ts';

/** Outlines in a field of 12 by 12. */
const outlines = [
  'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  'M1.5 1.5h9v9h-9z',
  'M6 .8L11.6 10.8H.4z',
  'M6 .3L11.7 6L6 11.7L.3 6z',
  'M6 11.2L.4 1.2h11.2z',
  'M4 .8h4v3.2h3.2v4H8v3.2H4V8H.8V4H4z',
  'M3.2 1h5.6L11.6 6L8.8 11H3.2L.4 6z',
  'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM6 4a2 2 0 1 1 0 4a2 2 0 1 1 0-4z',
  'M1.5 1.5h9v9h-9zM4.3 4.3v3.4h3.4V4.3z',
  'M.5 2.5h11v2.6H.5zM.5 7h11v2.6H.5z',
];

/** The colour and the shape of a service; says nothing to who listens, its name stands beside it. */
export function ServiceMark({ look }: { readonly look: ServiceLook }) {
  return (
    <svg class={`mark s${look.colour}`} viewBox="0 0 12 12" aria-hidden="true">
      <path fill-rule="evenodd" d={outlines[look.shape] ?? ''} />
    </svg>
  );
}
