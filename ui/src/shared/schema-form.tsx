import { CheckField, Group, RadioField, SelectField, TextAreaField, TextField } from './fields.tsx'
import { staff } from './messages/staff.ts'
import { blankOf, type Control, type FormSchema, labelOf, shapeOf, switchedTo, Unparsed, variantIn } from './schema.ts'

interface PartProps {
  /** Also the prefix of every control's id: `config.restUrl`. */
  id: string
  name: string
  schema: FormSchema
  root: FormSchema
  required: boolean
  value: unknown
  onChange(value: unknown): void
  /** Write-only values: shown as dots, never filled in by the browser. */
  secret: boolean
}

/** A form from a JSON Schema, for any partner's settings and any operation's values: nobody writes one by hand. */
export function SchemaForm({
  id,
  schema,
  value,
  onChange,
  secret = false,
}: {
  id: string
  schema: FormSchema
  value: unknown
  onChange(value: unknown): void
  secret?: boolean
}) {
  const { control } = shapeOf(schema, schema)
  if (control.is !== 'object') return <Part id={id} name={id} schema={schema} root={schema} required value={value} onChange={onChange} secret={secret} />
  return <Properties id={id} properties={control.properties} root={schema} value={value} onChange={onChange} secret={secret} />
}

function Properties({
  id,
  properties,
  root,
  value,
  onChange,
  secret,
}: Pick<PartProps, 'id' | 'root' | 'value' | 'onChange' | 'secret'> & { properties: readonly [string, FormSchema, boolean][] }) {
  const object = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return (
    <div className="space-y-4">
      {properties.map(([name, property, required]) => (
        <Part
          key={name}
          id={`${id}.${name}`}
          name={name}
          schema={property}
          root={root}
          required={required}
          value={object[name]}
          onChange={(part) => onChange({ ...object, [name]: part })}
          secret={secret}
        />
      ))}
    </div>
  )
}

function Part({ id, name, schema: raw, root, required, value, onChange, secret }: PartProps) {
  const { schema, nullable, control } = shapeOf(raw, root)
  const label = labelOf(name, { ...schema, ...(raw.label ? { label: raw.label } : {}) })
  const hint = raw.description ?? schema.description
  const common = { id, label, ...(hint ? { hint } : {}), optional: required && !nullable ? undefined : staff.optional }
  // What has a default always has a value: there is nothing to leave open.
  const settled = !nullable && (raw.default ?? schema.default) !== undefined
  const picked = settled ? { optional: undefined, empty: undefined } : { empty: staff.form.pick }
  switch (control.is) {
    case 'fixed':
      return null
    case 'tick':
      return <CheckField id={id} label={label} note={hint} checked={value === true} onChange={onChange} />
    case 'choice': {
      const options = control.options.map((option) => ({ value: String(option), label: String(option) }))
      const pick = (text: string): void => onChange(control.options.find((option) => String(option) === text) ?? (nullable ? null : ''))
      if (options.length <= 3 && (settled || (required && !nullable)))
        return <RadioField id={id} label={label} {...(hint ? { hint } : {})} value={String(value ?? '')} options={options} onChange={pick} />
      return <SelectField {...common} {...picked} value={String(value ?? '')} options={options} onChange={pick} />
    }
    case 'number':
      return (
        <TextField
          {...common}
          inputMode="numeric"
          className="max-w-48"
          value={value === null || value === undefined ? '' : String(value)}
          // What is no number stays as typed, so that the check can name it.
          onChange={(text) => onChange(text.trim() === '' ? (nullable ? null : '') : /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text)}
        />
      )
    case 'text': {
      const text = typeof value === 'string' ? value : ''
      // A key has lines, and a field of dots has one.
      const pem = secret && (schema.maxLength ?? 0) > 10_000
      if (control.long && (!secret || pem)) return <TextAreaField {...common} rows={secret ? 6 : 3} value={text} onChange={onChange} />
      return (
        <TextField
          {...common}
          type={secret ? 'password' : schema.format === 'date' ? 'date' : 'text'}
          autoComplete={secret ? 'new-password' : 'off'}
          spellCheck={false}
          value={text}
          onChange={onChange}
        />
      )
    }
    case 'object':
      return (
        <Group id={id} label={label} {...(hint ? { hint } : {})}>
          <div className="border-s-2 border-line ps-4">
            <Properties id={id} properties={control.properties} root={root} value={value} onChange={onChange} secret={secret} />
          </div>
        </Group>
      )
    case 'variants':
      return (
        <Variants
          {...common}
          {...picked}
          control={control}
          root={root}
          open={nullable || !(required || settled)}
          nullable={nullable}
          value={value}
          onChange={onChange}
          secret={secret}
        />
      )
    case 'list':
      return (
        <List
          id={id}
          label={label}
          hint={hint}
          items={control.items}
          max={schema.maxItems}
          root={root}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
          secret={secret}
        />
      )
    case 'json':
      return (
        <TextAreaField
          {...common}
          hint={hint ?? staff.form.json}
          value={value instanceof Unparsed ? value.text : JSON.stringify(value ?? null, null, 2)}
          onChange={(text) => {
            try {
              onChange(JSON.parse(text))
            } catch {
              onChange(new Unparsed(text))
            }
          }}
        />
      )
  }
}

/** A choice, then the fields of what was chosen. */
function Variants({
  id,
  label,
  hint,
  optional,
  empty,
  control,
  root,
  open,
  nullable,
  value,
  onChange,
  secret,
}: Pick<PartProps, 'id' | 'root' | 'value' | 'onChange' | 'secret'> & {
  label: string
  hint?: string
  optional: string | undefined
  empty: string | undefined
  control: Extract<Control, { is: 'variants' }>
  /** Nothing may be chosen. */
  open: boolean
  nullable: boolean
}) {
  const { tag, variants } = control
  const chosen = variantIn(control, value)
  const options = variants.map((variant) => ({ value: String(variant.value), label: variant.label }))
  const pick = (text: string): void => {
    const variant = variants.find((one) => String(one.value) === text)
    onChange(variant ? switchedTo(tag, variant, value, root) : nullable ? null : '')
  }
  const common = { id, label, ...(hint ? { hint } : {}), value: String(chosen?.value ?? ''), options, onChange: pick }
  // The choice itself is asked already, and what is fixed has no control.
  const shape = chosen ? shapeOf(chosen.schema, root).control : undefined
  const fields = shape?.is === 'object' ? shape.properties.filter(([name]) => name !== tag) : []
  return (
    <div className="space-y-2">
      {options.length <= 3 && !open ? <RadioField {...common} /> : <SelectField {...common} optional={optional} {...(empty ? { empty } : {})} />}
      {fields.length > 0 ? (
        <fieldset aria-label={`${label}: ${chosen?.label}`} className="border-s-2 border-line ps-4">
          <Properties id={id} properties={fields} root={root} value={value} onChange={onChange} secret={secret} />
        </fieldset>
      ) : null}
    </div>
  )
}

function List({
  id,
  label,
  hint,
  items,
  max,
  root,
  value,
  onChange,
  secret,
}: Pick<PartProps, 'id' | 'root' | 'onChange' | 'secret'> & {
  label: string
  hint: string | undefined
  items: FormSchema
  max: number | undefined
  value: readonly unknown[]
}) {
  return (
    <Group id={id} label={label} {...(hint ? { hint } : {})}>
      {value.map((entry, index) => (
        // Entries have no identity but their place.
        <div key={index} className="space-y-2 border-s-2 border-line ps-4">
          <Part
            id={`${id}.${index}`}
            name={staff.form.entry(label, index + 1)}
            schema={items}
            root={root}
            required
            value={entry}
            onChange={(part) => onChange(value.map((old, at) => (at === index ? part : old)))}
            secret={secret}
          />
          <button type="button" className="link-button" onClick={() => onChange(value.filter((_, at) => at !== index))}>
            {staff.form.remove(label, index + 1)}
          </button>
        </div>
      ))}
      <button type="button" className="button" disabled={max !== undefined && value.length >= max} onClick={() => onChange([...value, blankOf(items, root)])}>
        {staff.form.add(label)}
      </button>
    </Group>
  )
}
