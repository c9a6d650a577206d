export interface Words {
  subject: string
  /** One sentence; a text is this, the link and how to stop. */
  lead: string
  /** More of it, in a mail. */
  more: string
  button: string
}
