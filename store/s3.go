package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path"
	"strings"
	"time"

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
	gate   gate
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
	for there := false; err == nil && !there; {
		if err = b.upload(ctx, name, temp, size); err == nil {
			there, err = b.settled(ctx, sum)
		}
	}
	return sum, size, err
}

// upload sends the file in one piece, so that one which breaks off leaves nothing behind.
func (b *bucket) upload(ctx context.Context, name string, file *os.File, size int64) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := b.client.PutObject(ctx, b.config.Bucket, name, file, size, options(size))
	return b.explain(err)
}

// options are how an object of a size is sent. An empty one is not sent as a signed stream, because the length of its first
// request would then be missing.
func options(size int64) minio.PutObjectOptions {
	return minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true, DisableContentSha256: size == 0}
}

// settled reports whether what was uploaded is there to stay. A sweep that had looked at an older one before may have removed
// it; one that looks from now on finds it new.
func (b *bucket) settled(ctx context.Context, sum string) (bool, error) {
	leave, err := b.gate.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	return b.Has(ctx, sum)
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

func (b *bucket) behind(g gate) { b.gate = g }

func (b *bucket) leave(ctx context.Context, mark string) error {
	_, err := b.client.StatObject(ctx, b.config.Bucket, b.config.Prefix+mark, minio.StatObjectOptions{})
	if err == nil || minio.ToErrorResponse(err).Code != "NoSuchKey" {
		return b.explain(err)
	}
	_, err = b.client.PutObject(ctx, b.config.Bucket, b.config.Prefix+mark, strings.NewReader(""), 0, options(0))
	return b.explain(err)
}

func (b *bucket) each(ctx context.Context, do func(name string, size int64, at time.Time) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for object := range b.client.ListObjects(ctx, b.config.Bucket, minio.ListObjectsOptions{Prefix: b.config.Prefix, Recursive: true}) {
		if object.Err != nil {
			return b.explain(object.Err)
		}
		key := strings.TrimPrefix(object.Key, b.config.Prefix)
		if name, _ := place(path.Base(key)); key != name && strings.Contains(key, "/") {
			continue // below another prefix, so another desk's
		}
		if err := do(path.Base(key), object.Size, object.LastModified); err != nil {
			return err
		}
	}
	return nil
}

func (b *bucket) removeOld(ctx context.Context, sum string, before time.Time) (bool, error) {
	name, err := b.name(sum)
	if err != nil {
		return false, nil // somebody else's object
	}
	open, err := b.gate.shut(ctx)
	if err != nil {
		return false, err
	}
	defer open()
	is, err := b.client.StatObject(ctx, b.config.Bucket, name, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).Code == "NoSuchKey" {
		return false, nil // another node was here
	}
	if err != nil || !is.LastModified.Before(before) {
		return false, b.explain(err)
	}
	return true, b.Remove(ctx, sum)
}

func (b *bucket) explain(err error) error {
	return fault.ForOperators(err, "the S3 bucket %s does not answer as expected; check its name, endpoint and keys", b.config.Bucket)
}
