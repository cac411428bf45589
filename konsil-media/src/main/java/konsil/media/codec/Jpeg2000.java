package konsil.media.codec;
final class Jpeg2000 { static Decoded decode(Codestream s){ throw s.bad("not read"); } }
