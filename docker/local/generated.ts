import { generateMapping } from '@heliox/adapters/fhir/mapping/document'
import { generateDefinitions } from '@heliox/adapters/fhir/validation/gen'
import { generateRunbooks } from '@heliox/adapters/runbook'
import { openApiDocument } from '@heliox/api/openapi'
import { generate as generateFlows } from '@heliox/flows/gen'
import { generate as generateNodes } from '@heliox/nodes/gen'
import { generate as generateClient } from '@heliox/ui/gen'

/** Every generated file of the repository: path from the root -> content. The client is made from the document of this very run. */
export async function generated(): Promise<Record<string, string>> {
  const document = `${JSON.stringify(openApiDocument(), null, 2)}\n`
  return {
    ...generateRunbooks(),
    ...generateDefinitions(),
    ...generateMapping(),
    ...generateNodes(),
    ...generateFlows(),
    'api/openapi.json': document,
    ...(await generateClient(document)),
  }
}
