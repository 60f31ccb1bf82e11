import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Failure } from '../errors.ts';

/**
 * A URL for files, if its host may be asked: an answer of the API must not lead into the runner's
 * own network. The emulator, on this machine itself, may name this machine.
 *
 * @param apiUrl of the API that named the file.
 * @param text the URL, or a reference relative to `base`. One without encryption is taken for `https:`.
 * @throws Failure that names the host alone, since such a URL may be a bearer link.
 */
export function fileUrl(apiUrl: string, text: string, base?: string): string {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  const local = isLocal(apiUrl);
  // The vendor's sample names such a URL, and real ones are safe (wix-api.md 11).
  if (url?.protocol === 'http:' && !local) url.protocol = 'https:';
  const isWeb = url?.protocol === 'https:' || (local && url?.protocol === 'http:');
  if (url !== undefined && isWeb && (local || !isAmong(inside, url.hostname))) return url.href;
  throw refusal(url === undefined ? 'no URL' : `${url.protocol}//${url.hostname}`);
}

/**
 * Looks up names of hosts for files: a name must not lead into the runner's own network either. What
 * is looked at is what is connected to, so it does not help a name to lead elsewhere the next time.
 * Where a proxy is asked, it looks names up itself.
 *
 * @param apiUrl of the API that named the file.
 * @param resolve looks up names; default as the system does.
 * @returns `undefined` where names may lead anywhere, as those of the emulator.
 */
export function fileLookup(
  apiUrl: string,
  resolve: LookupFunction = lookup,
): LookupFunction | undefined {
  if (isLocal(apiUrl)) return undefined;
  return (hostname, options, callback) =>
    resolve(hostname, options, (error, address, family) => {
      const found = typeof address === 'string' ? [{ address }] : (address ?? []);
      const inner = error ? undefined : found.find((each) => isAmong(inside, each.address));
      if (inner === undefined) callback(error, address, family);
      else callback(refusal(`${hostname} (${inner.address})`), '');
    });
}

function refusal(named: string): Failure {
  return new Failure(
    'api',
    `Wix named ${named} for a file, which is not a host for files. Nothing was sent to it; report this to Wix.`,
  );
}

/** Whether the API is the emulator, on this machine itself. */
function isLocal(apiUrl: string): boolean {
  return isAmong(loopback, new URL(apiUrl).hostname);
}

/** Networks as CIDR writes them; apart by family, since node takes an IPv4 address for one within ::/3. */
function networks(ipv4: string, ipv6: string) {
  const list = (family: 'ipv4' | 'ipv6', subnets: string) => {
    const blocks = new BlockList();
    for (const subnet of subnets.split(' ')) {
      const [network = '', prefix] = subnet.split('/');
      blocks.addSubnet(network, Number(prefix), family);
    }
    return blocks;
  };
  return { ipv4: list('ipv4', ipv4), ipv6: list('ipv6', ipv6) };
}

const loopback = networks('127.0.0.0/8', '::1/128');

/**
 * Addresses that are not globally reachable, by IANA's registries of special-purpose addresses
 * (RFC 6890). Of IPv6, 2000::/3 alone is given out (RFC 4291), and within it Teredo and 6to4 wrap
 * addresses of IPv4. One that is mapped from IPv4 counts as inside, whatever it maps.
 */
const inside = networks(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3',
  '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16',
);

/** `localhost` and its subdomains are this machine wherever they are looked up (RFC 6761). */
function isAmong({ ipv4, ipv6 }: ReturnType<typeof networks>, hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/%.*$|\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const version = isIP(name);
  return (version === 4 && ipv4.check(name)) || (version === 6 && ipv6.check(name, 'ipv6'));
}
