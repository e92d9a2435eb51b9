/** How NATS writes keys: what it is, the key, a CRC-16 (XMODEM, low byte first), all of it in base32 without padding. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function toNkey(content: readonly number[]): string {
  const sum = crc16(content);
  const bits = [...content, sum & 0xff, sum >> 8].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** Undefined for what is not such a text, or was changed on the way. */
export function fromNkey(text: string): Buffer | undefined {
  if (!/^[A-Z2-7]+$/.test(text)) return undefined;
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const content = bytes.slice(0, -2);
  const [low, high] = bytes.slice(-2);
  const sum = crc16(content);
  return low === (sum & 0xff) && high === sum >> 8 ? Buffer.from(content) : undefined;
}

function crc16(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}
