const units: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `250m`, `1.5Gi`, `12e3` as a number of cores or bytes; undefined where it is none (k8s.io/apimachinery resource.Quantity). */
export function toNumber(quantity: string): number | undefined {
  const [, digits, suffix = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(quantity) ?? [];
  const unit = units[suffix];
  return digits === undefined || unit === undefined ? undefined : Number(digits) * unit;
}

/** As `kubectl top` shows cores: `250m`. */
export function cpuText(cores: number): string {
  return `${Math.ceil(cores * 1000)}m`;
}

/** As `kubectl top` shows bytes: `128Mi`. */
export function memoryText(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)}Mi`;
}
