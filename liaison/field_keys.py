"""The keys that single fields are sealed with, as the environment gives them."""


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by id from ``id:hexadecimal`` pairs with commas, in their order.

    Raises ``ValueError`` for what is no such list of keys of 32 bytes, without repeating it.
    """
    keys: dict[str, bytes] = {}
    for place, pair in enumerate(text.split(","), 1):
        key_id, _colon, digits = pair.strip().partition(":")
        try:
            key = bytes.fromhex(digits)
        except ValueError:
            key = b""
        if len(key) != 32 or not 1 <= len(key_id.encode()) <= 32 or key_id in keys:
            raise ValueError(
                f"FIELD_KEYS, key {place}: an id of its own, a colon and 64 hexadecimal digits"
            )
        keys[key_id] = key
    return keys
