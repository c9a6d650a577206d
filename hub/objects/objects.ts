import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { limits, type ObjectStore, ObjectTooLarge } from '@heliox/core/kit'
import { makePass, type Pass } from './pass.ts'

/**
 * The region's two buckets over the S3 API. What comes in never passes the API: a browser puts into `quarantine` by signed URL, and only
 * the scanner makes a clean copy of it. No signed URL leads out of either bucket: what goes out is read, held against its hash and served by
 * the API, because a bucket's URL can promise neither the hash nor a policy for the page.
 */
export interface Objects extends ObjectStore {
  /** For one browser PUT into quarantine. The signature covers host, content type and length: nothing else can be put with it. */
  putUrl(key: string, options: { contentType: string; bytes: number; expiresSeconds?: number }): Promise<string>
  /** What lies in quarantine under this beginning of a key, with its length; at most a thousand. */
  inQuarantine(prefix: string): Promise<ReadonlyMap<string, number>>
  /** Signs what is written on a pass for one look at a clean photo, and says whether a signature fits. */
  pass: Pass
  /** Development and tests: a deployed bucket is made with its policy, not by us. */
  ensureBuckets(): Promise<void>
  close(): void
}

export interface ObjectSettings {
  endpoint: string
  /** As the browser reaches it; the signature covers its host. */
  publicEndpoint: string
  region: string
  accessKey: string
  secretKey: string
  buckets: { quarantine: string; clean: string }
}

/** From the settings of a process. */
export function objectSettings(config: {
  S3_ENDPOINT: string
  S3_PUBLIC_ENDPOINT: string
  S3_REGION: string
  S3_ACCESS_KEY: string
  S3_SECRET_KEY: string
  S3_BUCKET_QUARANTINE: string
  S3_BUCKET_CLEAN: string
}): ObjectSettings {
  return {
    endpoint: config.S3_ENDPOINT,
    publicEndpoint: config.S3_PUBLIC_ENDPOINT,
    region: config.S3_REGION,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
    buckets: { quarantine: config.S3_BUCKET_QUARANTINE, clean: config.S3_BUCKET_CLEAN },
  }
}

/** No call to the store may hang: the scanner's own timeout is longer than this. */
const requestTimeoutMs = 15_000

export function makeObjects(settings: ObjectSettings): Objects {
  const client = clientFor(settings, settings.endpoint)
  // A second client only for signing: the host is part of what is signed.
  const signer = clientFor(settings, settings.publicEndpoint)
  const { buckets } = settings

  return {
    async get(bucket, key, bytesMax) {
      const answer = await client.send(new GetObjectCommand({ Bucket: buckets[bucket], Key: key })).catch(undefinedWhenMissing)
      if (!answer?.Body) return undefined
      const body = answer.Body as AsyncIterable<Uint8Array> & { destroy(): void }
      const chunks: Uint8Array[] = []
      let bytes = 0
      // Counted while reading: a declared length is the sender's word.
      for await (const chunk of body) {
        bytes += chunk.byteLength
        if (bytes > bytesMax) {
          body.destroy()
          throw new ObjectTooLarge(bytesMax)
        }
        chunks.push(chunk)
      }
      return Buffer.concat(chunks, bytes)
    },

    async put(bucket, key, body, contentType) {
      await client.send(new PutObjectCommand({ Bucket: buckets[bucket], Key: key, Body: body, ContentType: contentType, ContentLength: body.byteLength }))
    },

    async remove(bucket, key) {
      await client.send(new DeleteObjectCommand({ Bucket: buckets[bucket], Key: key }))
    },

    putUrl(key, { contentType, bytes, expiresSeconds = limits.uploadUrlSecondsMax }) {
      const command = new PutObjectCommand({ Bucket: buckets.quarantine, Key: key, ContentType: contentType, ContentLength: bytes })
      // Without naming it, the presigner leaves content-type out of the signature and a browser could send anything.
      const signableHeaders = new Set(['host', 'content-type', 'content-length'])
      return getSignedUrl(signer, command, { expiresIn: Math.min(expiresSeconds, limits.uploadUrlSecondsMax), signableHeaders })
    },

    async inQuarantine(prefix) {
      const answer = await client.send(new ListObjectsV2Command({ Bucket: buckets.quarantine, Prefix: prefix, MaxKeys: 1000 }))
      return new Map((answer.Contents ?? []).flatMap(({ Key, Size }) => (Key === undefined || Size === undefined ? [] : [[Key, Size] as const])))
    },

    pass: makePass(settings.secretKey),

    async ensureBuckets() {
      for (const Bucket of Object.values(buckets)) {
        const there = await client.send(new HeadBucketCommand({ Bucket })).catch(undefinedWhenMissing)
        if (!there) await client.send(new CreateBucketCommand({ Bucket })).catch(fineWhenOurs)
      }
    },

    close() {
      client.destroy()
      signer.destroy()
    },
  }
}

function clientFor(settings: ObjectSettings, endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: settings.region,
    forcePathStyle: true,
    credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
    // The default adds a checksum header to every request, which then is part of a presigned URL that a browser cannot meet.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: requestTimeoutMs },
  })
}

function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound' || error.$metadata.httpStatusCode === 404))
    return undefined
  throw error
}

function fineWhenOurs(error: unknown): void {
  if (error instanceof S3ServiceException && (error.name === 'BucketAlreadyOwnedByYou' || error.name === 'BucketAlreadyExists')) return
  throw error
}
