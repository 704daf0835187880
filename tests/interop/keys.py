# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys of logs and witnesses in the forms that Go's note library reads (C2SP signed-note).

Ed25519's public half is reckoned here (RFC 8032, 5.1.5), slowly, so that
nothing need be installed for one key. For tests and measurements alone.
"""
import base64
import hashlib

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x, y), (u, v) = a, b
    k = D * x * u * y * v % P
    return (x * v + u * y) * pow(1 + k, P - 2, P) % P, (y * v + x * u) * pow(1 - k, P - 2, P) % P


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x if x % 2 == 0 else P - x), y


def public_of(seed):
    half = bytearray(hashlib.sha512(seed).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    k, point, total = int.from_bytes(half, "little"), base_point(), (0, 1)
    while k:
        if k & 1:
            total = add(total, point)
        point, k = add(point, point), k >> 1
    return (total[1] | (total[0] & 1) << 255).to_bytes(32, "little")


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4].hex()


def vkey_of(name, kind, public):
    return f"{name}+{key_id(name, kind, public)}+{base64.b64encode(bytes([kind]) + public).decode()}"


def private_of(name, seed):
    return f"PRIVATE+KEY+{name}+{key_id(name, 1, public_of(seed))}+{base64.b64encode(bytes([1]) + seed).decode()}"
