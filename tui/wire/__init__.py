"""Pure codecs between neutral values and the vendors' wire formats; bytes and frames, no sockets."""
