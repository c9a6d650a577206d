import type { LanguageTag } from '../kit/values.ts'

/** How patients see a clinic. Nothing of it is secret. */
export interface ClinicLook {
  name: string
  /** Checked for contrast before it is kept. */
  brandColour: string
  contactPhone: string
  /** The one that it prefers first. */
  languages: [LanguageTag, ...LanguageTag[]]
  logoSha256: string | null
}

export interface ClinicLookStore {
  read(tenantId: string): Promise<ClinicLook>
  /** `logo`: a PNG of ours; null takes it away, undefined leaves it. Audited. */
  save(
    tenantId: string,
    look: Pick<ClinicLook, 'brandColour' | 'contactPhone' | 'languages'> & { logo?: Buffer | null | undefined },
    actor: string,
    now: Date,
  ): Promise<ClinicLook>
  /** For everybody: it is on the clinic's door. Undefined: there is none, or another one by now. */
  logo(tenantId: string, logoSha256: string): Promise<Buffer | undefined>
}
