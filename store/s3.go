package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"hark/fault"
)

// S3 says where blobs lie when they are kept by a service that speaks S3.
type S3 struct {
	Endpoint string // host:port
	Bucket   string
	Prefix   string
	Region   string
	Key      string
	Secret   string
	Plain    bool // http instead of https, for a service on the same host
}

type bucket struct {
	client *minio.Client
	config S3
}

func openS3(c S3) (*bucket, error) {
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:  credentials.NewStaticV4(c.Key, c.Secret, ""),
		Secure: !c.Plain,
		Region: c.Region,
	})
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the S3 endpoint %q cannot be used; it looks like s3.example.com:443", c.Endpoint)
	}
	return &bucket{client: client, config: c}, nil
}

func (b *bucket) name(sum string) (string, error) {
	name, err := place(sum)
	return b.config.Prefix + name, err
}

// Put writes through a temporary file: S3 wants to know the name, and the name is the hash of all bytes.
func (b *bucket) Put(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	temp, err := os.CreateTemp("", "hark-blob-")
	if err != nil {
		return "", 0, explain(err)
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	hash := sha256.New()
	if size, err = io.Copy(io.MultiWriter(temp, hash), ending{ctx, r}); err != nil {
		return "", 0, explain(err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	name, err := b.name(sum)
	if err != nil {
		return "", 0, err
	}
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	_, err = b.client.PutObject(ctx, b.config.Bucket, name, temp, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return sum, size, b.explain(err)
}

func (b *bucket) Open(ctx context.Context, sum string) (io.ReadCloser, error) {
	name, err := b.name(sum)
	if err != nil {
		return nil, err
	}
	if found, err := b.Has(ctx, sum); err != nil || !found {
		if err == nil {
			err = absent("file")
		}
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.config.Bucket, name, minio.GetObjectOptions{})
	return object, b.explain(err)
}

func (b *bucket) Has(ctx context.Context, sum string) (bool, error) {
	name, err := b.name(sum)
	if err != nil {
		return false, nil
	}
	_, err = b.client.StatObject(ctx, b.config.Bucket, name, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).Code == "NoSuchKey" {
		return false, nil
	}
	return err == nil, b.explain(err)
}

func (b *bucket) Remove(ctx context.Context, sum string) error {
	name, err := b.name(sum)
	if err != nil {
		return err
	}
	return b.explain(b.client.RemoveObject(ctx, b.config.Bucket, name, minio.RemoveObjectOptions{}))
}

func (b *bucket) explain(err error) error {
	return fault.Wrap(err, fault.Unavailable, "the S3 bucket %s does not answer as expected; check its name, endpoint and keys", b.config.Bucket)
}
