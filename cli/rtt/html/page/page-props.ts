import type { Geometry } from './geometry.ts';
import type { MeshModel } from './mesh-model.ts';
import type { PageAction } from './page-action.ts';
import type { PageState } from './page-state.ts';
import type { ShownMap } from './shown-map.ts';

/** What every part of the page is drawn from. */
export interface PageProps {
  readonly model: MeshModel;
  readonly state: PageState;
  readonly shown: ShownMap;
  readonly geometry: Geometry;
  readonly dispatch: (action: PageAction) => void;
}
