import { traceModel, type TraceModel } from '../../../../../cli/trace/html/page/trace-model.ts';
import type { TraceSpan } from '../../../../../cli/trace/model.ts';

/** A page's model of these spans. */
export function modelOf(spans: readonly TraceSpan[]): TraceModel {
  return traceModel({ traceId: '0af7651916cd43dd8448eb211c80319c', spans });
}
