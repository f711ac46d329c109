"""Getting in and out: sign-in in every way, invitation, confirmation that it is still you, sign-out, language."""
