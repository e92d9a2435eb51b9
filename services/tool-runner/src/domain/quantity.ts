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

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 10n ** 9n;

/**
 * A quantity as the API server writes it back (`Quantity.CanonicalizeBytes`): `1024Mi` is `1Gi`, `0.5` is `500m`, `1.5Gi` is
 * `1536Mi`. Undefined where it is none, and for exponents (`12e3`), which nobody writes by hand.
 */
export function canonicalQuantity(text: string): string | undefined {
  const [, whole = '', fraction = '', suffix = ''] =
    /^(\d{1,15})(?:\.(\d{0,9}))?([numkMGTPE]|[KMGTPE]i)?$/.exec(text) ?? [];
  if (whole === '') return undefined;
  const binary = binarySuffixes.indexOf(suffix);
  const isBinary = suffix !== '' && binary > 0;
  const unit = isBinary ? nano * 1024n ** BigInt(binary) : 10n ** BigInt(decimalSuffixes.indexOf(suffix) * 3);
  const scale = 10n ** BigInt(fraction.length);
  // Finer than a billionth is rounded up.
  const value = (BigInt(whole + fraction) * unit + scale - 1n) / scale;
  // Small and broken numbers are written in tens: nothing gets lost in them.
  return isBinary && value >= 1024n * nano && value % nano === 0n ? inBinary(value / nano) : inDecimal(value);
}

function inBinary(value: bigint): string {
  let [rest, power] = [value, 0];
  while (rest % 1024n === 0n && power < binarySuffixes.length - 1) [rest, power] = [rest / 1024n, power + 1];
  return `${rest}${binarySuffixes[power]}`;
}

function inDecimal(value: bigint): string {
  if (value === 0n) return '0';
  let [rest, power] = [value, 0];
  while (rest % 1000n === 0n && power < decimalSuffixes.length - 1) [rest, power] = [rest / 1000n, power + 1];
  return `${rest}${decimalSuffixes[power]}`;
}
