/** The pages that are built; each is one HTML file with its own bundle, so that the patient's phone never loads staff code. */
export const entries = ['intake', 'signin', 'ops', 'clinic', 'admin'] as const
