package konsil.media.codec;
final class JpegLs { private final Codestream s; JpegLs(Codestream s){this.s=s;} Decoded decode(){ throw s.bad("not read"); } }
