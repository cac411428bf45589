package konsil.media.codec;
final class OpenJpeg { static Decoded decode(Codestream s){ throw s.bad("not read"); } }
