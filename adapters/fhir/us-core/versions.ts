/** The versions that a connection can be checked against. */
export const usCoreVersions = ['none', '6.1.0', '7.0.0', '8.0.0'] as const
export type UsCore = (typeof usCoreVersions)[number]
export type UsCoreVersion = Exclude<UsCore, 'none'>
