import type { Surroundings } from '../injection/decision.ts';
import { inject, type Injection } from '../injection/inject.ts';
import { namespaceNameLabel } from '../injection/names.ts';
import type { Labels } from '../label-selector.ts';
import { optInLabel } from '../network-prober.ts';
import type { Injector } from './review.ts';

export interface InjectorOptions {
  readonly surroundings: () => Surroundings;
  /** Undefined: the namespace is not known yet. */
  readonly namespaceLabels: (name: string) => Labels | undefined;
}

/** Decides by what is known when a request comes. */
export function createInjector({ surroundings, namespaceLabels }: InjectorOptions): Injector {
  return (pod, name): Injection => {
    const labels = namespaceLabels(name) ?? assumed(name);
    const injection = inject(pod, { name, labels }, surroundings());
    const isByPolicy = injection.kind === 'inject' && injection.prober.way !== 'webhook';
    return isByPolicy ? { kind: 'leave', reason: 'by-policy' } : injection;
  };
}

/** Of a namespace that is so new that its watch has not told of it: the API server asks about those alone that have opted in. */
function assumed(name: string): Labels {
  return { [namespaceNameLabel]: name, [optInLabel.key]: optInLabel.value };
}
