import { colourIsReadable, contrastWithWhite, languageTags } from '@heliox/core/messages'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ApiError, type ClinicLook, getClinicLook, saveClinicLook } from '../client.gen.ts'
import { CheckField, Group, ProblemContext, ProblemText, SelectField, TextField } from '../shared/fields.tsx'
import { lookWords as t } from '../shared/messages/look-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { OnePanelPage, SaveLine, useReadOnce } from './one-panel.tsx'

const lookKey = ['clinic-look'] as const
const logoBytesMax = 40 * 1024

/** How patients see the clinic; saved by its button. */
export function LookPage() {
  const look = useReadOnce(lookKey, (signal) => getClinicLook({}, { signal }))
  return (
    <OnePanelPage id="look" words={t} of={look}>
      {(read) => <LookForm look={read} />}
    </OnePanelPage>
  )
}

const readAsDataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })

/** What the server found wrong, at the field that it names. */
const refusedFields = (error: unknown): string[] => (error instanceof ApiError ? (error.fields ?? []).map(({ path }) => path) : [])

function LookForm({ look }: { look: ClinicLook }) {
  const client = useQueryClient()
  const [colour, setColour] = useState(look.brandColour)
  const [phone, setPhone] = useState(look.contactPhone)
  const [languages, setLanguages] = useState(look.languages)
  /** Undefined: stays as it is. */
  const [logo, setLogo] = useState<string | null | undefined>()
  const [logoProblem, setLogoProblem] = useState<string | null>(null)
  const save = useMutation({
    mutationFn: () =>
      saveClinicLook({ body: { brandColour: colour.trim().toLowerCase(), contactPhone: phone, languages, ...(logo === undefined ? {} : { logo }) } }),
    onSuccess: (saved) => {
      setLogo(undefined)
      client.setQueryData(lookKey, saved)
    },
  })
  const ratio = contrastWithWhite(colour.trim())
  const readable = colourIsReadable(colour.trim())
  const refused = refusedFields(save.error)
  const problems = new Map<string, string>([
    ...(ratio === 0 ? [['brandColour', t.noColour] as const] : readable ? [] : [['brandColour', t.notReadable] as const]),
    ...(languages.length === 0 ? [['languages', t.needLanguage] as const] : []),
    ...(logoProblem ? [['logo', logoProblem] as const] : refused.includes('logo') ? [['logo', t.logoRefused] as const] : []),
  ])
  const ready = ratio > 0 && readable && languages.length > 0 && !logoProblem
  const edit = (change: () => void): void => {
    save.reset()
    change()
  }
  async function choose(file: File | undefined): Promise<void> {
    if (!file) return
    const tooLarge = file.size > logoBytesMax
    const read = tooLarge ? undefined : await readAsDataUrl(file)
    edit(() => {
      setLogoProblem(tooLarge ? t.logoTooLarge : null)
      setLogo(read)
    })
  }
  const shown = logo === undefined ? look.logoUrl : logo
  return (
    <ProblemContext value={problems}>
      <form
        noValidate
        aria-labelledby="look-title"
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !save.isPending) save.mutate()
        }}
      >
        <TextField id="brandColour" label={t.colour} hint={t.colourHint} value={colour} onChange={(to) => edit(() => setColour(to))} spellCheck={false} />
        <Contrast ratio={ratio} readable={readable} colour={colour.trim()} />
        <TextField id="contactPhone" label={t.phone} type="tel" value={phone} onChange={(to) => edit(() => setPhone(to))} />
        <Group id="languages" label={t.languages} hint={t.languagesHint}>
          {languageTags.map((tag) => (
            <CheckField
              key={tag}
              id={`language-${tag}`}
              label={t.names[tag]}
              checked={languages.includes(tag)}
              onChange={(on) => edit(() => setLanguages(on ? [...languages, tag] : languages.filter((known) => known !== tag)))}
            />
          ))}
        </Group>
        <SelectField
          id="preferred"
          label={t.preferred}
          value={languages[0] ?? ''}
          options={languages.map((tag) => ({ value: tag, label: t.names[tag] }))}
          onChange={(to) => edit(() => setLanguages([...languages.filter((tag) => tag === to), ...languages.filter((tag) => tag !== to)]))}
        />
        <LogoField onChoose={(file) => void choose(file)}>
          {shown ? (
            <span className="flex items-center gap-3">
              <img src={shown} alt={logo ? t.logoNew : t.logoNow} className="h-8 max-w-40 rounded bg-white object-contain" />
              <button type="button" className="button" onClick={() => edit(() => setLogo(null))}>
                {t.removeLogo}
              </button>
            </span>
          ) : null}
        </LogoField>
        {save.isError && refused.length === 0 ? <ProblemNotice error={save.error} /> : null}
        <SaveLine label={t.save} saving={t.saving} isPending={save.isPending} ready={ready} said={save.isSuccess ? t.saved : ''} />
      </form>
    </ProblemContext>
  )
}

/** The figure, and a button in that colour: nobody has to imagine it. */
function Contrast({ ratio, readable, colour }: { ratio: number; readable: boolean; colour: string }) {
  if (ratio === 0) return null
  return (
    <p role="status" className="flex flex-wrap items-center gap-3">
      {readable ? (
        <span className="rounded-md px-3 py-2 text-white" ref={(place) => place?.style.setProperty('background', colour)}>
          {t.preview}
        </span>
      ) : null}
      <span>
        {t.contrast(ratio.toFixed(1))} {readable ? t.readable : ''}
      </span>
    </p>
  )
}

function LogoField({ onChoose, children }: { onChoose(file: File | undefined): void; children: ReactNode }) {
  return (
    <div className="space-y-2">
      <label htmlFor="logo" className="font-medium">
        {t.logo}
      </label>
      <p id="logo-hint" className="text-quiet">
        {t.logoHint}
      </p>
      <ProblemText id="logo" />
      {children}
      <input
        id="logo"
        className="block w-full max-w-full"
        type="file"
        accept="image/png,image/jpeg"
        aria-describedby="logo-hint logo-problem"
        onChange={(event) => onChoose(event.target.files?.[0])}
      />
    </div>
  )
}
