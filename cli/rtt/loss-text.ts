/** A share of lost probes for people; only none is 0 %, and only all are 100 %. */
export function lossText(share: number): string {
  const percent = share * 100;
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9) return '> 99.9 %';
  const digits = percent < 10 || percent > 99 ? 1 : 0;
  return `${Number(percent.toFixed(digits))} %`;
}
