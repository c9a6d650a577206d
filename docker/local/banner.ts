import type { ReadyLine } from './child.ts'

/** Engine, rule count and date, as the scanner's own ready line gives them. */
export function scannerText(ready: ReadyLine): string {
  return `${ready.engine} (embedded), ${ready.rules} rules of ${ready.rulesDate}`
}

export interface SftpPlace {
  host: string
  port: number
  /** As OpenSSH prints it, without `SHA256:`. */
  hostKeySha256: string
}

/** Where the clearinghouse's simulator has its folders, and by which key one knows it: its ready line says so. */
export function sftpPlace(ready: ReadyLine): SftpPlace {
  const { host, port, hostKeySha256 } = (ready.sftp ?? {}) as Partial<SftpPlace>
  if (!host || !port || !hostKeySha256) throw new Error('the clearinghouse’s simulator did not say where its folders are')
  return { host, port, hostKeySha256 }
}
