/** Its hash is in the address: a new logo has a new one, and a browser keeps each for good. */
export const logoUrlOf = (tenantId: string, logoSha256: string | null): string | null => logoSha256 && `/logo/${tenantId}/${logoSha256}.png`
