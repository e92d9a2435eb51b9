import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Passwords } from '../domain/passwords.ts';

const derive = promisify(argon2);

/** OWASP's Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;
const stored = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** Nobody's password: checked against where there is no account, because that must take as long. */
const nobodys = format(cost, Buffer.alloc(16), Buffer.alloc(tagLength));

@Injectable()
export class Argon2Passwords extends Passwords {
  override async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    return format(cost, salt, await tagOf(password, salt, cost, tagLength));
  }

  override async verify(password: string, hash: string | undefined): Promise<boolean> {
    const { salt, tag, cost: itsCost } = parse(hash ?? nobodys);
    const same = timingSafeEqual(await tagOf(password, salt, itsCost, tag.length), tag);
    return same && hash !== undefined;
  }
}

type Cost = typeof cost;

/** Unicode forms of the same characters are the same password, whatever keyboard wrote them. */
function tagOf(
  password: string,
  nonce: Buffer,
  { memory, passes, parallelism }: Cost,
  length: number,
): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'));
  return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength: length });
}

/** The PHC string format: the parameters travel with the hash, so that raising them leaves old hashes good. */
function format({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

function parse(hash: string): { salt: Buffer; tag: Buffer; cost: Cost } {
  const [, memory, passes, parallelism, salt, tag] = stored.exec(hash) ?? [];
  if (salt === undefined || tag === undefined)
    throw new TypeError('a stored password hash is not argon2id in PHC form');
  return {
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
