import { BlockList, isIPv6 } from "node:net";

/**
 * Addresses that are not of the public Internet: this machine, its networks, link-local (cloud metadata among them),
 * shared, documentation, benchmarking, multicast and reserved ones, and the IPv6 forms that carry IPv4 inside.
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates).
 */
const SPECIAL = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["::", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const;

const special = new BlockList();
for (const [network, prefix] of SPECIAL) {
  special.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");
}

/** Is this IP address (text form, with or without zone) outside the public Internet? */
export function isSpecialAddress(address: string): boolean {
  const [plain = ""] = address.split("%");
  return special.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}
